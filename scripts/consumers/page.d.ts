/** A Chromium for pages of `folder`, whose title is 'waiting' until they are done. */
export function openChromium(folder: string): Promise<{
  titleAt(url: string): Promise<string>
  title(path: string): Promise<string>
  close(): Promise<void>
}>
