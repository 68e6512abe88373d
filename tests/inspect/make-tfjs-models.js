// Writes the fixture tfjs/: a TensorFlow.js model of default and 'heNormal' layers, as model.save('file://...') lays it out, in two shards.
// Run where @tensorflow/tfjs can be resolved, as in build/tfjs after tests/tfjs have run:
//   NODE_PATH=build/tfjs/node_modules node tests/inspect/make-tfjs-models.js tests/inspect/fixtures/tfjs
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const tf = createRequire(resolve('build/tfjs/package.json'))('@tensorflow/tfjs')
const [folder] = process.argv.slice(2)

const { dense, conv2d, depthwiseConv2d, flatten } = tf.layers
const model = tf.sequential({
  layers: [
    conv2d({
      inputShape: [8, 8, 3],
      filters: 16,
      kernelSize: 3,
      padding: 'same',
      name: 'conv',
      kernelInitializer: 'glorotUniform',
    }),
    depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'depthwise', depthwiseInitializer: 'glorotUniform' }),
    flatten(),
    dense({ units: 24, name: 'hidden', kernelInitializer: 'heNormal' }),
    dense({ units: 16, name: 'normal', kernelInitializer: 'glorotNormal' }),
    dense({ units: 20, name: 'lecun', kernelInitializer: 'leCunNormal' }),
    dense({ units: 40, name: 'default' }),
  ],
})

await model.save(
  tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
    const bytes = Buffer.from(
      Array.isArray(weightData) ? Buffer.concat(weightData.map((part) => Buffer.from(part))) : weightData,
    )
    const cut = 4 * Math.floor(bytes.length / 8)
    const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin']
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/${paths[0]}`, bytes.subarray(0, cut))
    writeFileSync(`${folder}/${paths[1]}`, bytes.subarray(cut))
    const weightsManifest = [{ paths, weights: weightSpecs }]
    writeFileSync(`${folder}/model.json`, JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }))
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
  }),
)
