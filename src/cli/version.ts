// set by scripts/build.js from package.json
declare const EVENKEEL_VERSION: string

export const VERSION = EVENKEEL_VERSION
