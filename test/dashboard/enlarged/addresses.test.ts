import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { addressesOf, fileName } from '../../../src/dashboard/enlarged/addresses.js'

t.test('the addresses of a camera lead to where the page is', async t => {
  t.same(addressesOf('gate', 'https://example.org/cams/'), {
    img: '<img src="https://example.org/cams/camera/gate">',
    element: '<script src="https://example.org/cams/view.js"></script>\n<camgate-view camera="gate"></camgate-view>',
    stream: 'https://example.org/cams/camera/gate',
    snapshot: 'https://example.org/cams/camera/gate/snapshot',
    status: 'https://example.org/cams/status/gate'
  })
})

t.test('a picture\'s file has a name that every file system takes', async t => {
  t.equal(fileName('Étage 2: a/b\\c "<d>" *?|\u0000'), 'Étage 2- a-b-c --d-- ----')
  t.equal(fileName('x'.repeat(300)).length, 100)
})
