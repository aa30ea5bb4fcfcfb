import { say } from '../words/language.js'
import { duration } from '../words/quantities.js'
import { HISTORY_MS } from './history.js'

/** @typedef {import('./history.js').Sample} Sample */

const WIDTH = 600
const HEIGHT = 80
/** Samples further apart than this have a gap between them: the page was hidden. */
const GAP_MS = 10_000
const SVG = 'http://www.w3.org/2000/svg'

/**
 * The rate as an SVG path, and the times without pictures as rectangles' places, all in units of the plot.
 * @param {readonly Sample[]} samples
 * @param {number} now
 * @param {number} top the rate at the upper edge
 */
export function plotted (samples, now, top) {
  const x = (/** @type {number} */ at) => Math.round(10 * WIDTH * (1 - (now - at) / HISTORY_MS)) / 10
  const y = (/** @type {number} */ fps) => Math.round(10 * (HEIGHT - 2) * (1 - Math.min(1, fps / top))) / 10 + 1
  /** @type {string[]} */
  const path = []
  /** @type {{ x: number, width: number }[]} */
  const gone = []
  let isDrawing = false
  for (const [i, { at, fps }] of samples.entries()) {
    const next = samples[i + 1]?.at ?? now
    const isGap = next - at > GAP_MS
    if (fps === null) gone.push({ x: x(at), width: x(isGap ? at + GAP_MS : next) - x(at) })
    else path.push(`${isDrawing ? 'L' : 'M'}${x(at)} ${y(fps)}`)
    isDrawing = fps !== null && !isGap
  }
  return { path: path.join(''), gone }
}

/** A plot of a camera's pictures a second. */
export class Plot {
  #svg
  #line = svg('path')
  #gone = svg('g')
  #top
  #words

  /** @param {HTMLElement} root */
  constructor (root) {
    this.#svg = svg('svg')
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' })) this.#svg.setAttribute(name, value)
    this.#line.setAttribute('vector-effect', 'non-scaling-stroke')
    this.#svg.append(this.#gone, this.#line)
    this.#top = document.createElement('span')
    this.#words = document.createElement('p')
    root.append(this.#top, this.#svg, this.#words)
  }

  /**
   * @param {readonly Sample[]} samples
   * @param {number} now
   * @param {number} fpsLimit of the camera
   */
  update (samples, now, fpsLimit) {
    const top = Math.max(1, fpsLimit, ...samples.map(({ fps }) => fps ?? 0))
    const { path, gone } = plotted(samples, now, top)
    this.#line.setAttribute('d', path)
    this.#gone.replaceChildren(...gone.map(({ x, width }) => {
      const rect = svg('rect')
      for (const [name, value] of Object.entries({ x, y: 0, width, height: HEIGHT })) rect.setAttribute(name, String(value))
      return rect
    }))
    this.#top.textContent = say('fps', { count: Math.round(top) })
    const words = inWords(samples, now)
    if (this.#words.textContent !== words) this.#words.textContent = words
  }
}

/**
 * @param {readonly Sample[]} samples
 * @param {number} now
 */
export function inWords (samples, now) {
  const [first] = samples
  const rates = samples.flatMap(({ fps }) => fps ?? []).map(Math.round)
  if (first === undefined || rates.length === 0) return say('plotEmpty')
  const words = say('plotInWords', { now: Math.round(samples.at(-1)?.fps ?? 0), least: Math.min(...rates), most: Math.max(...rates), time: duration(now - first.at) })
  const goneMs = (now - first.at) * (1 - rates.length / samples.length)
  return goneMs >= 1_000 ? `${words} ${say('plotFailing', { time: duration(goneMs) })}` : words
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name
 */
const svg = name => document.createElementNS(/** @type {'http://www.w3.org/2000/svg'} */ (SVG), name)
