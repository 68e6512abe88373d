import { fingerprint } from './fingerprint.js'

document.title = fingerprint()
