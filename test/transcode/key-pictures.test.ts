import t from 'tap'
import { KeyPictures } from '../../src/transcode/key-pictures.js'

t.test('key pictures', async t => {
  t.test('are expected after the last interval, and if they are overdue, in as long again', async t => {
    const pictures = new KeyPictures()
    t.equal(pictures.msToNext(500), 0)
    pictures.note({ key: true, at: 1_000 })
    t.equal(pictures.msToNext(4_000), 3_000, 'the interval is unknown')
    t.equal(pictures.intervalMs, 1_000)
    pictures.note({ key: true, at: 5_000 })
    t.equal(pictures.intervalMs, 4_000)
    t.equal(pictures.msToNext(6_000), 3_000)
    t.equal(pictures.msToNext(11_000), 6_000)
  })
  t.test('begin a group with an average time between pictures', async t => {
    const pictures = new KeyPictures()
    pictures.note({ key: true, at: 1_000 })
    t.equal(pictures.msPerPicture, undefined)
    for (const at of [1_050, 1_100, 1_300]) pictures.note({ key: false, at })
    t.equal(pictures.msPerPicture, 100)
    pictures.note({ key: true, at: 1_350 })
    t.equal(pictures.msPerPicture, undefined)
  })
})
