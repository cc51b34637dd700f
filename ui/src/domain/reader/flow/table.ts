// The shape of a table: where rows are shorter than the others, empty cells close them. Pure.
import type { FlowBlock } from "../../../host/generated/FlowBlock";

type Cell = Pick<FlowBlock, "columns" | "rows">;

/** For each row, how many cells it lacks at its end: files leave out cells in which nothing stands. */
export function lacking(rows: readonly { children: readonly Cell[] }[]): number[] {
  /** Columns that cells of rows above still cover, by how many rows they go on. */
  let covered: number[] = [];
  const taken = rows.map(({ children }) => {
    let at = 0;
    const below: number[] = [];
    const skip = () => {
      while ((covered[at] ?? 0) > 0) at += 1;
    };
    let count = covered.filter((rows) => rows > 0).length;
    for (const { columns = 1, rows: height = 1 } of children) {
      skip();
      for (let column = at; column < at + columns; column += 1) below[column] = height;
      at += columns;
      count += columns;
    }
    covered = Array.from({ length: Math.max(covered.length, below.length) }, (_, column) => Math.max((covered[column] ?? 0) - 1, (below[column] ?? 0) - 1, 0));
    return count;
  });
  const widest = Math.max(0, ...taken);
  return taken.map((count) => widest - count);
}
