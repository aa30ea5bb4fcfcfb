import t from 'tap'
import { choose, fromCoverDown, suitsSubstream } from '../../src/wall/choice.js'

t.test('a tile is given', async t => {
  t.test('the camera\'s video if it accepts it, or if nothing is known yet', async t => {
    t.same(choose({ accept: ['h264', 'jpeg'] }, { kind: 'h264' }), { kind: 'video' })
    t.same(choose({ accept: ['h265'] }, { kind: 'h265' }), { kind: 'video' })
    t.same(choose({ accept: ['h264'] }, 'unknown'), { kind: 'video' })
  })
  t.test('JPEGs otherwise, with the reason if that is not its own wish or the camera\'s nature', async t => {
    t.same(choose({ accept: ['jpeg'] }, { kind: 'h264' }), { kind: 'jpeg' })
    t.same(choose({ accept: [] }, 'unknown'), { kind: 'jpeg' })
    t.same(choose({ accept: ['h264'] }, 'none'), { kind: 'jpeg' })
    t.match(choose({ accept: ['h264', 'jpeg'] }, { kind: 'h265' }), { kind: 'jpeg', why: /sends H\.265/ })
    t.match(choose({ accept: ['h264'] }, { kind: 'h264' }, 'slow'), { kind: 'jpeg', why: /keep up/ })
    t.match(choose({ accept: ['h264'] }, { kind: 'h264' }, 'fps'), { kind: 'jpeg', why: /more pictures a second/ })
    t.same(choose({ accept: ['jpeg'] }, { kind: 'h264' }, 'slow'), { kind: 'jpeg' })
  })
})

t.test('a tile suits the substream', async t => {
  const config = (width: number, kind: 'h264' | 'h265' = 'h264') => ({ epoch: 1, kind, codec: '', width, height: width * 9 / 16, reorders: false })
  const tile = (width: number, accept: Array<'h264' | 'h265' | 'jpeg'> = ['h264', 'jpeg']) => ({ width, height: width * 9 / 16, accept })
  const large = config(1920, 'h265')
  t.equal(suitsSubstream(tile(320), large, config(640)), true)
  t.equal(suitsSubstream(tile(660), large, config(640)), true, 'a little smaller is not seen')
  t.equal(suitsSubstream(tile(700), large, config(640)), false)
  t.equal(suitsSubstream(tile(320, ['h264']), large, config(640, 'h265')), false, 'it cannot be decoded')
  t.equal(suitsSubstream(tile(320, ['jpeg']), large, config(640)), false)
  t.equal(suitsSubstream(tile(320), config(640), config(640)), false, 'it is no smaller')
  t.equal(suitsSubstream(tile(320), undefined, config(640)), true)
  t.equal(suitsSubstream(tile(960), large, undefined), true, 'it may be half as large')
  t.equal(suitsSubstream(tile(1200), large, undefined), false)
  t.equal(suitsSubstream(tile(320), undefined, undefined), false)
})

t.test('fromCoverDown', async t => {
  const options = [{ width: 1280, height: 720 }, { width: 640, height: 360 }, { width: 320, height: 180 }]
  const widths = (width: number, height: number) => fromCoverDown(options, { width, height }).map(({ width }) => width)
  t.same(widths(640, 360), [640, 320])
  t.same(widths(670, 377), [640, 320], 'a little smaller is not seen')
  t.same(widths(700, 394), [1280, 640, 320])
  t.same(widths(100, 100), [320])
  t.same(widths(320, 1000), [320], 'the picture is as wide as the tile')
  t.same(widths(3840, 2160), [1280, 640, 320], 'the largest, if none is large enough')
  t.same(fromCoverDown([], { width: 1, height: 1 }), [])
})
