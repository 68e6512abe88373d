/** How series are told apart: by colour, by symbol and by dash at once, never by colour alone. */

import type { SymbolType } from '@observablehq/plot'

export type ThemeName = 'light' | 'dark'

export interface Theme {
  background: string
  border: string
  grid: string
  ink: string
  muted: string
  colors: readonly string[]
}

// Okabe & Ito 2008, "Color Universal Design": told apart under every common colour blindness. Ordered by contrast with the background.
export const themes: Record<ThemeName, Theme> = {
  light: {
    background: '#ffffff',
    border: '#d1d9e0',
    grid: '#e4e9ee',
    ink: '#1f2328',
    muted: '#59636e',
    colors: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'],
  },
  dark: {
    background: '#0d1117',
    border: '#3d444d',
    grid: '#262c36',
    ink: '#f0f6fc',
    muted: '#9198a1',
    colors: ['#56b4e9', '#e69f00', '#009e73', '#cc79a7', '#f0e442', '#d55e00', '#ffffff'],
  },
}

const symbols: readonly SymbolType[] = ['circle', 'square', 'triangle', 'diamond', 'cross', 'star', 'wye', 'hexagon']
const dashes: readonly string[] = ['none', '7 4', '2 3', '9 3 2 3', '12 4', '5 2 2 2 2 2']

export interface SeriesStyle {
  color: string
  symbol: SymbolType
  dash: string
}

/** The look of series i; the three cycles have different lengths, so looks repeat only after 168 series. */
export function seriesStyle(theme: Theme, i: number): SeriesStyle {
  return {
    color: theme.colors[i % theme.colors.length],
    symbol: symbols[i % symbols.length],
    dash: dashes[i % dashes.length],
  }
}
