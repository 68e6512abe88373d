import { propagate } from './node_modules/evenkeel/dist/index.js'
import { propagateAsync } from './node_modules/evenkeel/dist/parallel.js'

const network = { depth: 5, width: 40, batch: 9, seed: 3, seeds: 5, backward: true }
const wanted = JSON.stringify(propagate(network))
const found = await propagateAsync(network, { workers: 2 }).then(JSON.stringify, String)
document.title = found === wanted ? 'the bits of propagate' : found
