import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { packageRoot, version } from '../../src/package.js'
import { readPage } from './blocks.js'

t.test('the version of package.json', async t => {
  t.match(readPage('CHANGELOG.md'), `\n## [${version}] - `, 'is in the changelog')
  t.match(readPage('docs/deploy/npm.md'), `camgate-${version}.tgz`, 'is in the name of the package')
  t.match(readFileSync(join(packageRoot, 'docs/deploy/kubernetes/kustomization.yaml'), 'utf8'), `newTag: ${version}\n`, 'is that of the image')
  t.match(JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')), { version, packages: { '': { version } } })
})
