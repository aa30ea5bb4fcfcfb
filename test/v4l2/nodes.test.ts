import { join } from 'node:path'
import t from 'tap'
import { listNodes, lookAt } from '../../src/v4l2/nodes.js'

t.test('the file system shows', async t => {
  const folder = t.testdir({ file: '', webcam: t.fixture('symlink', '/dev/null'), gone: t.fixture('symlink', 'nothing') })
  t.test('whether a path is a device', async t => {
    t.equal(await lookAt('/dev/null'), 'device')
    t.equal(await lookAt(join(folder, 'webcam')), 'device', 'by another name')
    t.equal(await lookAt(folder), 'folder')
    t.equal(await lookAt(join(folder, 'file')), 'file')
    for (const missing of ['gone', 'nothing', 'file/nothing']) t.equal(await lookAt(join(folder, missing)), 'missing', missing)
  })
  t.test('the devices, in order', async t => {
    const numbers = (await listNodes()).map(device => Number(/^\/dev\/video(\d+)$/.exec(device)![1]))
    t.same(numbers, numbers.toSorted((a, b) => a - b))
  })
})
