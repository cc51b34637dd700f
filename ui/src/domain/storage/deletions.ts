// Whose papers were deleted, in words. Pure.
import type { DeletionRow } from "../../host/generated/DeletionRow";

/** Committees by name; where one is not known, the council. Each once, in the order of the rows. */
export const whoseWords = (rows: readonly DeletionRow[]): string => [...new Set(rows.map((row) => row.organization ?? row.councilName))].join(", ");
