declare module '*.wasm?url&inline' {
  /** The file as a data URL. */
  const url: string
  export default url
}

declare module '*?raw' {
  const text: string
  export default text
}
