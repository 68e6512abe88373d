/** The page's own document in a browser, linkedom's in Node. */
export async function someDocument(): Promise<Document> {
  if (globalThis.document) return globalThis.document
  const { parseHTML } = await import('linkedom')
  return parseHTML('<html><body></body></html>').document as unknown as Document
}
