import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

const chromium = process.env.EVENKEEL_CHROMIUM
const flags = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
if (process.getuid?.() === 0) flags.push('--no-sandbox')

// One suite, two engines: every tests/**/*.test.ts runs in Node and in Chromium; what needs files or processes is named *.node.test.ts.
export default defineConfig({
  test: {
    testTimeout: 60_000,
    // hooks pack the package, start browsers and run the command: as long as a test on a machine with other work
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'node', include: ['tests/**/*.test.ts'] } },
      { extends: true, test: { name: 'slow', include: ['tests/**/*.slow.ts'], testTimeout: 600_000 } },
      {
        extends: true,
        test: {
          name: 'chromium',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.node.test.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: chromium, args: flags } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
