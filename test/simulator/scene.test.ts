import t from 'tap'
import { sceneArguments } from '../../src/simulator/scene.js'
import { smallScene } from './small.js'

t.test('the arguments that draw a scene', async t => {
  t.test('hold no name, which could mean something to ffmpeg', async t => {
    t.notMatch(sceneArguments({ ...smallScene(), name: "Tom's: [a],b=%{n}" }, 'clip').join(' '), /Tom/)
  })
  t.test('ask for the pictures of one loop, and nothing to stand still for', async t => {
    const args = sceneArguments({ ...smallScene(), fps: 5, seconds: 4 }, 'clip').join(' ')
    t.match(args, '-frames:v 20 ')
    t.match(args, '-bf 0 -g 5 -keyint_min 5')
    t.match(args, /-profile:v main.* clip$/)
    t.match(sceneArguments(smallScene('mjpeg'), 'clip').join(' '), '-huffman default')
  })
  t.test('differ from camera to camera', async t => {
    t.notSame(sceneArguments(smallScene(), 'clip'), sceneArguments({ ...smallScene(), id: '2' }, 'clip'))
  })
})
