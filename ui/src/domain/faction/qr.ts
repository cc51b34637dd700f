// A QR code as a drawing. Pure.

/** Empty modules around the code; ISO/IEC 18004 asks for 4. */
export const QUIET = 4;

/** The dark modules as one path: a bar for each run in a row, in modules, with the quiet edge around it. */
export function qrPath(modules: readonly (readonly boolean[])[]): string {
  let path = "";
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      path += `M${from + QUIET} ${y + QUIET}h${x - from + 1}v1H${from + QUIET}z`;
    }
  });
  return path;
}
