/** The environment's way to say --wide; threads read it too. */
export const WIDE = 'EVENKEEL_WIDE'
