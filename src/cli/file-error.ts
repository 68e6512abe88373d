/** What the operating system says about a file, in words. */

import { FileError } from './exit-code'

export const BAD_READ = 'cannot read'
export const BAD_WRITE = 'cannot write'

const REASONS: Record<string, string> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  ERR_FS_FILE_TOO_LARGE: 'the file is too large',
  ERR_INVALID_ARG_VALUE: 'the name holds a null byte',
}

/** The words for an error code of node:fs, or the code itself. */
export function reason(code = 'unknown error'): string {
  return REASONS[code] ?? code
}

/** A FileError for an error of node:fs; any other error comes back as it is. */
export function fileError(what: string, path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return code === undefined ? error : new FileError(`${what} ${path}: ${reason(code)}`)
}
