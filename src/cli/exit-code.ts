/** What the process tells its caller. */
export const OK = 0
/** A check found a verdict other than 'stable'. */
export const UNSTABLE = 1
export const BAD_USAGE = 2
/** A file that cannot be read, is not what its format allows, or cannot be written. */
export const BAD_FILE = 3
export const INTERNAL = 4
/** 128 + SIGINT. */
export const INTERRUPTED = 130

/** A file that cannot be read or written, in words. */
export class FileError extends Error {
  override name = 'FileError'
}

/** Flags that do not go together, or a value out of range, in words. */
export class UsageError extends Error {
  override name = 'UsageError'
}
