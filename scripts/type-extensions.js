// Writes the extension into the relative imports of declarations: Node's own resolution of ES modules demands it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function addTypeExtensions(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue
    const path = join(folder, name)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace(/(from |import\()(['"])(\.[^'"]+?)(?:\.js)?\2/g, '$1$2$3.js$2'))
  }
}
