import { checkedSample, serve } from '../serve'
import { powerMeans } from '../sums'

/** What the bench uses of @stdlib/random-base-randn: the improved ziggurat. */
type Randn = { factory(options: { seed: number }): () => number }

const { default: randn }: { default: Randn } = await import('@stdlib/random-base-randn' as string)
const next = randn.factory({ seed: 1 })

await serve(process.argv.slice(2), {
  normal: ([len], timing) => {
    const out = new Float32Array(len)
    const fill = () => {
      for (let i = 0; i < len; i++) out[i] = next()
    }
    return checkedSample(fill, () => powerMeans(out), timing)
  },
})
