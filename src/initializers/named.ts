import { type Initializer, initializer } from './initializer'
import { type Scaling, type ScalingOptions, scaling } from './variance-scaling'

/** The published recipes: gain, fan and distribution. */
export const HE_NORMAL: Scaling = { gain: Math.SQRT2, mode: 'fanIn', distribution: 'normal' }
export const HE_UNIFORM: Scaling = { ...HE_NORMAL, distribution: 'uniform' }
export const TRUNCATED_HE_NORMAL: Scaling = { ...HE_NORMAL, distribution: 'truncatedNormal' }
export const XAVIER_NORMAL: Scaling = { gain: 1, mode: 'fanAvg', distribution: 'normal' }
export const XAVIER_UNIFORM: Scaling = { ...XAVIER_NORMAL, distribution: 'uniform' }
export const TRUNCATED_XAVIER_NORMAL: Scaling = { ...XAVIER_NORMAL, distribution: 'truncatedNormal' }
export const LECUN_NORMAL: Scaling = { gain: 1, mode: 'fanIn', distribution: 'normal' }
export const LECUN_UNIFORM: Scaling = { ...LECUN_NORMAL, distribution: 'uniform' }
export const TRUNCATED_LECUN_NORMAL: Scaling = { ...LECUN_NORMAL, distribution: 'truncatedNormal' }

function specialise(where: string, defaults: Scaling): Initializer<ScalingOptions> {
  return initializer<ScalingOptions>(where, scaling(defaults))
}

/** W ~ N(0, 2 / fanIn), not truncated: keeps the second moment of a ReLU network. He et al. 2015, arXiv:1502.01852. */
export const heNormal = specialise('heNormal', HE_NORMAL)
/** W ~ U(-b, b), b = sqrt(6 / fanIn): heNormal's variance. */
export const heUniform = specialise('heUniform', HE_UNIFORM)
/** heNormal cut at 2 sigma, its variance still 2 / fanIn. */
export const truncatedHeNormal = specialise('truncatedHeNormal', TRUNCATED_HE_NORMAL)
/** W ~ N(0, 2 / (fanIn + fanOut)). Glorot & Bengio 2010; the 1 / fanIn of teaching notes is lecunNormal. */
export const xavierNormal = specialise('xavierNormal', XAVIER_NORMAL)
/** W ~ U(-b, b), b = sqrt(6 / (fanIn + fanOut)). Glorot & Bengio 2010, "normalized initialization". */
export const xavierUniform = specialise('xavierUniform', XAVIER_UNIFORM)
/** xavierNormal cut at 2 sigma, its variance still 2 / (fanIn + fanOut). */
export const truncatedXavierNormal = specialise('truncatedXavierNormal', TRUNCATED_XAVIER_NORMAL)
/** W ~ N(0, 1 / fanIn): LeCun et al. 1998, "Efficient BackProp"; also the "simple Xavier" of teaching notes. */
export const lecunNormal = specialise('lecunNormal', LECUN_NORMAL)
/** W ~ U(-b, b), b = sqrt(3 / fanIn): lecunNormal's variance. */
export const lecunUniform = specialise('lecunUniform', LECUN_UNIFORM)
/** lecunNormal cut at 2 sigma, its variance still 1 / fanIn. */
export const truncatedLecunNormal = specialise('truncatedLecunNormal', TRUNCATED_LECUN_NORMAL)

/** heNormal by its other name. */
export const kaimingNormal = heNormal
/** heUniform by its other name. */
export const kaimingUniform = heUniform
/** xavierNormal by its other name. */
export const glorotNormal = xavierNormal
/** xavierUniform by its other name. */
export const glorotUniform = xavierUniform
