/** What is wrong with one tensor, in a sentence, and what to change, in another. */

import { activation as resolve } from '../activations/resolve'
import { activationTitle } from '../report/cause'
import { plain, short } from '../report/number-text'
import type { TensorReport } from './inspection'
import type { Fault } from './judge'

interface Words {
  text: string
  fix: string
}

/** Why each mistake is one; the tensor's name and sigma stand before it. */
const MISTAKES: Record<string, (tensor: TensorReport, recipe: string) => Words> = {
  'fans-swapped': ({ fanIn, fanOut }, recipe) => ({
    text: `has the sigma that ${recipe} gives with the fans swapped (fanIn ${fanIn}, fanOut ${fanOut})`,
    fix: 'Take the variance from fanIn, the terms of one output; if the fan-out mode was meant, leave it',
  }),
  'layout-misread': (_, recipe) => ({
    text: `has the sigma that ${recipe} gives when the axes are read in the other framework's order`,
    fix: 'Declare the layout of the kernel where it is drawn',
  }),
  'field-missing': (_, recipe) => ({
    text: `has the sigma that ${recipe} gives when the kernel's area is left out of the fans`,
    fix: 'Multiply the fans by the product of the spatial sizes',
  }),
  'groups-wrong': ({ groups }, recipe) => ({
    text: `has the sigma that ${recipe} gives when the ${groups} groups are left out of the fans`,
    fix: 'Divide the fans by the groups: an output sees the channels of its group alone',
  }),
  'transposed-fans': (_, recipe) => ({
    text: `has the sigma that ${recipe} gives with the fans of a convolution that is not transposed`,
    fix: 'A transposed kernel sums over its input channels: swap the fans, or draw it with transposed: true',
  }),
  'truncation-uncorrected': (_, recipe) => ({
    text: `is a normal cut at 2 sigma whose variance was not corrected for the cut (0.774 of the named one): ${recipe}`,
    fix: 'Multiply the weights by 1.137, or draw them truncated with the variance corrected',
  }),
  'variance-as-std': (_, recipe) => ({
    text: `was drawn with the variance of ${recipe} in the place of its sigma`,
    fix: 'Take the square root of the variance',
  }),
  'bound-as-std': (_, recipe) => ({
    text: `is a uniform whose bound is the sigma of ${recipe}: its variance is a third of what was meant`,
    fix: 'Multiply the weights by 1.732: the bound of a uniform is sqrt(3) sigma',
  }),
}

/** The fault of a tensor under an activation. */
export function faultText(tensor: TensorReport, fault: Fault, activation: string): Words {
  const name = `'${tensor.name}'`
  const words = valueFault(tensor, fault) ?? gainFault(tensor, fault, activation) ?? mistake(tensor, fault)
  return { text: `${name} ${words.text}.`, fix: `${words.fix}.` }
}

function valueFault(tensor: TensorReport, fault: Fault): Words | undefined {
  const { nans, infinities, parameter, deadRows, duplicateOf } = tensor
  switch (fault) {
    case 'not-finite':
      return {
        text: `holds ${nans} NaN and ${infinities} infinite values`,
        fix: 'Draw it again (--fix he-normal), and find what wrote them: an overflow in 16 bits, or a step too long',
      }
    case 'zeros':
      return {
        text: 'is all 0: it passes nothing on and no gradient back',
        fix: 'Draw it (--fix he-normal); a branch that is to start at 0 (Fixup, ZerO) may stay',
      }
    case 'constant':
      return {
        text: `is ${short(parameter!, 4)} everywhere: all units of the layer compute the same and stay the same`,
        fix: 'Draw it at random (--fix he-normal), so that its units differ',
      }
    case 'dead-rows':
      return {
        text: `has ${deadRows} output${deadRows === 1 ? '' : 's'} whose weights are all 0`,
        fix: 'Draw the tensor again (--fix he-normal); if units were pruned, remove them',
      }
    case 'duplicate':
      return {
        text: `holds the draws of '${duplicateOf}': the same seed was used twice, or they are tied`,
        fix: 'Give every tensor its own seed or stream (--fix he-normal does); tied weights may stay',
      }
    default:
      return undefined
  }
}

function gainFault({ recipe }: TensorReport, fault: Fault, activation: string): Words | undefined {
  if (fault !== 'gain-missing') return undefined
  const gain = resolve(activation).gain
  const wanted = gain === null ? 'the gain of the activation' : `gain ${plain(gain)}`
  return {
    text: `follows ${recipe!.names.join(' = ')}, which makes up for no activation: under ${activationTitle(activation)} the signal shrinks in every layer`,
    fix: `Draw it with ${wanted}${activation === 'relu' ? ' (he-normal)' : ''}, or use --rescale analytic`,
  }
}

function mistake(tensor: TensorReport, fault: Fault): Words {
  return MISTAKES[fault](tensor, tensor.recipe!.names.join(' = '))
}
