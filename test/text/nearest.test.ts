import t from 'tap'
import { didYouMean, nearest } from '../../src/text/nearest.js'

const keys = ['name', 'source', 'username', 'password', 'transport', 'fps', 'quality', 'width', 'height', 'onDemand', 'enabled']

t.test('nearest', async t => {
  t.test('finds the word that was meant', async t => {
    const meant = {
      passwort: 'password',
      pasword: 'password',
      PASSWORD: 'password',
      on_demand: 'onDemand',
      'on-demand': 'onDemand',
      fsp: 'fps',
      widht: 'width',
      url: 'source',
      user: 'username',
      hieght: 'height',
      enable: 'enabled'
    }
    for (const [word, key] of Object.entries(meant)) t.equal(nearest(word, keys), key, word)
  })
  t.test('returns nothing when no word is near', async t => {
    for (const word of ['', 'x', 'bitrate', 'constructor', '__proto__', 'x'.repeat(1e5)]) t.equal(nearest(word, keys), undefined, word.slice(0, 20))
    t.equal(nearest('url', ['host', 'port']), undefined)
    t.equal(didYouMean('bitrate', keys), '')
  })
})
