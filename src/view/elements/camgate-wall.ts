import { ElementBase } from './base.js'
import type { CamgateView } from './camgate-view.js'
import { sheet, WALL_CSS } from './style.js'
import { gridFor } from './wall-layout.js'

/** Most cameras' pictures have this shape. */
const ASPECT = 16 / 9
/** What a wall hands on to each of its tiles. */
const HANDED_ON = ['src', 'token', 'link', 'path', 'fit']
let style: CSSStyleSheet | undefined

/** `<camgate-wall cameras="1,2,3">`: several cameras, as large as they fit. */
export class CamgateWall extends ElementBase {
  static readonly observedAttributes = ['cameras', ...HANDED_ON]

  /** As of `<camgate-view>`, for all tiles. */
  declare renew: CamgateView['renew']
  readonly #grid = document.createElement('div')
  readonly #resized = new ResizeObserver(() => this.#layOut())
  #tiles = new Map<string, CamgateView>()

  constructor () {
    super()
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [style ??= sheet(WALL_CSS)]
    this.#grid.className = 'grid'
    root.append(this.#grid)
  }

  /** The tiles, in the order of `cameras`. */
  get views (): readonly CamgateView[] { return [...this.#tiles.values()] }

  connectedCallback (): void {
    this.#resized.observe(this)
    this.#fill()
  }

  disconnectedCallback (): void { this.#resized.disconnect() }

  attributeChangedCallback (): void { if (this.isConnected) this.#fill() }

  /** Tiles of cameras that stay go on: moving an element in a page would start it anew, so the order is the grid's. */
  #fill (): void {
    const cameras = (this.getAttribute('cameras') ?? '').split(',').map(camera => camera.trim()).filter(Boolean)
    const before = this.#tiles
    this.#tiles = new Map(cameras.map(camera => [camera, before.get(camera) ?? this.#newTile(camera)]))
    for (const [camera, tile] of before) if (this.#tiles.get(camera) !== tile) tile.remove()
    for (const [index, tile] of this.views.entries()) {
      tile.style.order = String(index)
      for (const name of HANDED_ON) copyAttribute(this, tile, name)
      if (!tile.isConnected) this.#grid.append(tile)
    }
    this.#layOut()
  }

  #newTile (camera: string): CamgateView {
    const tile = document.createElement('camgate-view') as CamgateView
    tile.setAttribute('camera', camera)
    tile.setAttribute('exportparts', 'picture, status, badge')
    tile.part.add('tile')
    tile.renew = async () => await this.renew?.() ?? ''
    return tile
  }

  #layOut (): void {
    const { width, height } = this.getBoundingClientRect()
    const { columns, rows } = gridFor(this.#tiles.size, { width, height }, ASPECT)
    this.#grid.style.gridTemplate = `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))`
  }
}

function copyAttribute (from: Element, to: Element, name: string): void {
  const value = from.getAttribute(name)
  if (value === to.getAttribute(name)) return
  if (value === null) to.removeAttribute(name)
  else to.setAttribute(name, value)
}
