import t from 'tap'
import { checkScene, sceneArguments, type Scene } from '../../src/clips/scene.js'
import { smallScene } from '../simulator/small.js'

t.test('the arguments that draw a scene', async t => {
  t.test('contain no name, because ffmpeg could interpret it', async t => {
    t.notMatch(sceneArguments({ ...smallScene(), name: "Tom's: [a],b=%{n}" }, 'clip').join(' '), /Tom/)
  })
  t.test('ask for the pictures of one loop', async t => {
    const args = sceneArguments({ ...smallScene(), fps: 5, seconds: 4 }, 'clip').join(' ')
    t.match(args, '-frames:v 20 ')
    t.match(args, '-bf 0 -g 5 -keyint_min 5')
    t.match(args, /-profile:v main.* clip$/)
    t.match(sceneArguments({ ...smallScene('h265'), fps: 5, seconds: 4 }, 'clip').join(' '), /libx265 .*keyint=5:.*bframes=0:.*:repeat-headers=1/)
    t.match(sceneArguments(smallScene('mjpeg'), 'clip').join(' '), '-huffman default')
  })
  t.test('allow 0.2 and 0.3 pictures per second', async t => {
    const args = sceneArguments(checkScene({ ...smallScene(), fps: 0.2, seconds: 10 }), 'clip').join(' ')
    t.match(args, '-frames:v 2 ')
    t.match(args, '-g 1 -keyint_min 1')
    t.match(sceneArguments(checkScene({ ...smallScene(), fps: 1.1, seconds: 10 }), 'clip').join(' '), '-frames:v 11 ')
    for (const [fps, seconds] of [[0.2, 1], [0, 1], [12.5, 1], [20, 0.5], [Infinity, 1], [60, 2_000]] as const) {
      t.throws(() => checkScene({ ...smallScene(), fps, seconds }), { code: 'BAD_SCENE' }, `${fps} for ${seconds} s`)
    }
  })
  t.test('limit the bit rate by size and rate, unless it is given', async t => {
    const rate = (scene: Partial<Scene>) => /(?:-b:v (?<mean>\d+) )?-maxrate (?<max>\d+)/.exec(sceneArguments({ ...smallScene(), ...scene }, 'clip').join(' '))?.groups
    t.match(rate({ width: 1920, height: 1080, fps: 12 }), { mean: undefined, max: '3732480' })
    t.match(rate({ width: 256, height: 64, fps: 1 }), { mean: undefined, max: '256000' })
    t.match(rate({ bitsPerSecond: 90_000 }), { mean: '90000', max: '90000' })
  })
  t.test('differ from camera to camera', async t => {
    t.notSame(sceneArguments(smallScene(), 'clip'), sceneArguments({ ...smallScene(), id: '2' }, 'clip'))
  })
})
