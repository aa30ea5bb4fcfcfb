import t from 'tap'
import { isSteady } from '../steady.js'

t.test('a camera with 60 pictures a second', t => isSteady(t, { fps: 60, within: [50, 61], pictures: 40 }))
