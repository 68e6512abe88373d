/** The reader's own choice of light or dark. */

import type { ThemeName } from '../charts/palette'

const dark = matchMedia('(prefers-color-scheme: dark)')

export function themeName(): ThemeName {
  return dark.matches ? 'dark' : 'light'
}

export function onTheme(listener: () => void): void {
  dark.addEventListener('change', listener)
}
