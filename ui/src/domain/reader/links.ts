// Links on a page: areas large enough to touch, and the parts of an address that tell whose it is. Pure.

/** x, y of the upper left corner, width, height; CSS px. */
export interface Area { x: number; y: number; width: number; height: number }

/**
 * The areas grown to `least` px in both directions, evenly to all sides, but never past the middle between two of them: lines of a table of contents
 * stand closer than a finger is wide, and a tap then takes the nearest.
 */
export function touchable(areas: Area[], least: number): Area[] {
  return areas.map((area, index) => {
    const grow = { up: Math.max(0, (least - area.height) / 2), down: 0, left: Math.max(0, (least - area.width) / 2), right: 0 };
    grow.down = grow.up;
    grow.right = grow.left;
    areas.forEach((other, place) => {
      if (place === index) return;
      const overX = other.x < area.x + area.width && area.x < other.x + other.width;
      const overY = other.y < area.y + area.height && area.y < other.y + other.height;
      if (overX && other.y + other.height <= area.y) grow.up = Math.min(grow.up, (area.y - other.y - other.height) / 2);
      else if (overX && other.y >= area.y + area.height) grow.down = Math.min(grow.down, (other.y - area.y - area.height) / 2);
      else if (overY && other.x + other.width <= area.x) grow.left = Math.min(grow.left, (area.x - other.x - other.width) / 2);
      else if (overY && other.x >= area.x + area.width) grow.right = Math.min(grow.right, (other.x - area.x - area.width) / 2);
    });
    return { x: area.x - grow.left, y: area.y - grow.up, width: area.width + grow.left + grow.right, height: area.height + grow.up + grow.down };
  });
}

/** An address in three parts; the middle one tells whose it is. Given as Rust has checked it: http, https or mailto. */
export function parts(address: string): { before: string; whose: string; after: string } {
  const found = /^(https?:\/\/|mailto:)([^/?#]*)(.*)$/s.exec(address);
  return found ? { before: found[1] ?? "", whose: found[2] ?? "", after: found[3] ?? "" } : { before: "", whose: address, after: "" };
}
