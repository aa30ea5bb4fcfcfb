import t from 'tap'
import { version } from '../src/package.js'
import { read, textsOf } from './dockerfile.js'

t.test('docs/deploy/docker-bake.hcl', async t => {
  const text = read('docs/deploy/docker-bake.hcl')
  t.match(text, `variable "VERSION" { default = "${version}" }`)
  const declared = read('Dockerfile').match(/(?<=^ARG )\w+/gm)!
  const given = [...text.matchAll(/^ {2}args +=(.*)$/gm)].flatMap(([, map]) => [...map!.matchAll(/(\w+) = /g)].map(([, name]) => name!))
  t.same(given.filter(name => !declared.includes(name)), [], 'the Dockerfile declares what is given to it')
  t.ok(given.length > 2)
  t.same(textsOf('ARG').find(text => text.startsWith('VERSION')), `VERSION=${version}`)
})
