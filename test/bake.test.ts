import t from 'tap'
import { read } from './dockerfile.js'

t.test('docs/deploy/docker-bake.hcl', async t => {
  const text = read('docs/deploy/docker-bake.hcl')
  const declared = read('Dockerfile').match(/(?<=^ARG )\w+/gm)!
  const given = [...text.matchAll(/^ {2}args +=(.*)$/gm)].flatMap(([, map]) => [...map!.matchAll(/(\w+) = /g)].map(([, name]) => name!))
  t.same(given.filter(name => !declared.includes(name)), [], 'the Dockerfile declares what is given to it')
  t.ok(given.length > 2)
})
