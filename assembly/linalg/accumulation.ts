/** The accumulation order of the numeric contract: one accumulator per output and block of 256 k, blocks added in ascending order. Stream. */
export const K_BLOCK: i32 = 256

/** Columns of a register tile and of a panel. */
export const TILE_COLS: i32 = 8
