import t from 'tap'
import { proofOf, wallAddress } from '../../../src/view/page/addresses.js'

t.test('an element\'s addresses', async t => {
  t.equal(wallAddress('https://cams.example/x/', undefined), 'wss://cams.example/x/wall')
  t.equal(wallAddress('http://127.0.0.1:5000/', undefined), 'ws://127.0.0.1:5000/wall')
  t.equal(wallAddress('https://cams.example/', '/wall?cameras=1&sig=x'), 'wss://cams.example/wall?cameras=1&sig=x')
  t.equal(wallAddress('https://cams.example/', 'https://cams.example/camera/1?sig=x'), undefined, 'a link to one picture opens no socket')
  t.same(proofOf('a.b-c.d_e'), { token: 'a.b-c.d_e' })
  t.same(proofOf('https://cams.example/wall?sig=x'), { link: 'https://cams.example/wall?sig=x' })
  t.equal(proofOf(''), undefined, 'as the tiles of a wall without a callback give it')
  t.equal(proofOf(undefined), undefined)
})
