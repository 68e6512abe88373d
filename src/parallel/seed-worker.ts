/** The module of a Web Worker: one seed of a network after the other. */
import { measureSeed } from './seed-task'
import { serve } from './web-pool'

serve(measureSeed)
