import { propagate } from 'evenkeel'
import { propagateAsync } from 'evenkeel/parallel'
import { fingerprint } from './fingerprint.js'

const network = { depth: 5, width: 40, batch: 9, seed: 3, seeds: 5, backward: true }
const found = await propagateAsync(network, { workers: 2 })
const same = JSON.stringify(found) === JSON.stringify(propagate(network))
console.log(same ? fingerprint() : 'other bits on threads')
