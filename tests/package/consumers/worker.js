import { fingerprint } from './fingerprint.js'

export default { fetch: () => new Response(fingerprint()) }
