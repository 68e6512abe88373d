import { fingerprint } from './fingerprint.js'

console.log(fingerprint())
