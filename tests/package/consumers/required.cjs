const { heNormal } = require('evenkeel')

// the rest of the consumer is an ES module, as most are
if (heNormal([2, 2], { seed: 1 }).length !== 4) throw new Error('expected 4 weights')
import('./process.js')
