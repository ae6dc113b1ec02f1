// Points on the map by the hundred thousand: one layer of WebGL that draws arrays as they are. Ships are arrows along their
// course, events marks of their kind.

import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibre } from 'maplibre-gl'

/** Numbers of a point: x and y (Mercator, 0…1), heading (radians, or -1 for none), shape, colour, size. */
const STRIDE = 6
const CROWD = 20_000

export interface Points {
  count: number
  data: Float32Array
}

export const noPoints = (): Points => ({ count: 0, data: new Float32Array(0) })

export const mercatorX = (lon: number): number => (lon + 180) / 360
export const mercatorY = (lat: number): number => {
  const clamped = Math.max(-85.05, Math.min(85.05, lat))
  return (1 - Math.log(Math.tan(Math.PI / 4 + (clamped * Math.PI) / 360)) / Math.PI) / 2
}

/** @param at fills the point's numbers from `offset` on; returns false for a point that has no place */
export function makePoints(
  count: number,
  at: (k: number, data: Float32Array, offset: number) => boolean,
): Points {
  const data = new Float32Array(count * STRIDE)
  let n = 0
  for (let k = 0; k < count; k++) if (at(k, data, n * STRIDE)) n++
  return { count: n, data }
}

const VERTEX = `#version 300 es
in vec2 place; in float heading; in float shape; in float colour; in float size;
uniform mat4 matrix; uniform float shift; uniform float scale; uniform vec4 palette[32];
out vec4 fill; out float turn; flat out float form;
void main() {
  gl_Position = matrix * vec4(place.x + shift, place.y, 0.0, 1.0);
  gl_PointSize = size * scale;
  fill = palette[int(colour)];
  turn = heading;
  form = shape;
}`

// form 0 circle, 1 square, 2 diamond, 3 diamond's outline, 4 triangle, 5 ship
const UNIFORMS = ['matrix', 'palette', 'halo', 'scale', 'shift'] as const

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 fill; in float turn; flat in float form;
uniform vec4 halo;
out vec4 colour;
void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  float d;
  if (form < 0.5) d = length(p) - 0.72;
  else if (form < 1.5) d = max(abs(p.x), abs(p.y)) - 0.62;
  else if (form < 2.5) d = abs(p.x) + abs(p.y) - 0.86;
  else if (form < 3.5) d = abs(abs(p.x) + abs(p.y) - 0.68) - 0.2;
  else if (form < 4.5) d = max(abs(p.x) * 0.87 + p.y * -0.5 - 0.4, p.y - 0.6);
  else if (turn < 0.0) d = length(p) - 0.45;
  else {
    float s = sin(turn), c = cos(turn);
    vec2 q = vec2(c * p.x + s * p.y, -s * p.x + c * p.y);
    d = max(abs(q.x) * 0.93 + q.y * -0.36 - 0.33, q.y - 0.75 + (0.4 - abs(q.x)) * 0.4);
  }
  float edge = 0.16;
  if (d > edge) discard;
  float inside = 1.0 - smoothstep(-0.04, 0.06, d);
  float around = 1.0 - smoothstep(0.06, edge, d);
  vec4 c = mix(vec4(halo.rgb, halo.a * around), fill, inside);
  colour = vec4(c.rgb * c.a, c.a);
}`

export interface PointsLayer extends CustomLayerInterface {
  set(points: Points): void
  /** Colours by number, and what is drawn around each point. */
  paint(palette: readonly string[], halo: string): void
}

export function createPointsLayer(id: string): PointsLayer {
  let map: MapLibre | undefined
  let gl: WebGL2RenderingContext | undefined
  let program: WebGLProgram | null = null
  let buffer: WebGLBuffer | null = null
  let array: WebGLVertexArrayObject | null = null
  let points = noPoints()
  let fresh = true
  let palette = new Float32Array(32 * 4)
  let haloColour = [1, 1, 1, 0.9]
  // asked for once: each question waits until all that was drawn before is done
  const uniforms: Record<string, WebGLUniformLocation | null> = {}

  function compile(type: number, source: string): WebGLShader {
    const shader = gl!.createShader(type)!
    gl!.shaderSource(shader, source)
    gl!.compileShader(shader)
    return shader
  }

  return {
    ...{ id, type: 'custom', renderingMode: '2d' },
    set(next) {
      points = next
      fresh = true
      map?.triggerRepaint()
    },
    paint(colours, halo) {
      palette = new Float32Array(32 * 4)
      colours.slice(0, 32).forEach((colour, k) => palette.set(rgba(colour), k * 4))
      haloColour = rgba(halo)
      map?.triggerRepaint()
    },
    onAdd(of, context) {
      map = of
      gl = context as WebGL2RenderingContext
      program = gl.createProgram()
      gl.attachShader(program, compile(gl.VERTEX_SHADER, VERTEX))
      gl.attachShader(program, compile(gl.FRAGMENT_SHADER, FRAGMENT))
      gl.linkProgram(program)
      for (const name of UNIFORMS) uniforms[name] = gl.getUniformLocation(program, name)
      buffer = gl.createBuffer()
      array = gl.createVertexArray()
      gl.bindVertexArray(array)
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
      let offset = 0
      for (const [name, size] of [
        ['place', 2],
        ['heading', 1],
        ['shape', 1],
        ['colour', 1],
        ['size', 1],
      ] as const) {
        const at = gl.getAttribLocation(program, name)
        if (at >= 0) {
          gl.enableVertexAttribArray(at)
          gl.vertexAttribPointer(at, size, gl.FLOAT, false, STRIDE * 4, offset * 4)
        }
        offset += size
      }
      gl.bindVertexArray(null)
      fresh = true
    },
    render(context, { defaultProjectionData }: CustomRenderMethodInput) {
      if (points.count === 0 || !program) return
      const g = context as WebGL2RenderingContext
      g.useProgram(program)
      g.bindVertexArray(array)
      g.bindBuffer(g.ARRAY_BUFFER, buffer)
      if (fresh) g.bufferData(g.ARRAY_BUFFER, points.data.subarray(0, points.count * STRIDE), g.STATIC_DRAW)
      fresh = false
      g.uniformMatrix4fv(uniforms['matrix']!, false, defaultProjectionData.mainMatrix as Float32List)
      g.uniform4fv(uniforms['palette']!, palette)
      g.uniform4fv(uniforms['halo']!, haloColour)
      const zoom = map!.getZoom()
      const grown = Math.min(1.6, Math.max(0.55, 0.55 + (zoom - 2) * 0.12))
      // a hundred thousand on one screen are dots
      const crowded = points.count > CROWD ? Math.min(1, Math.max(0.4, zoom / 7)) : 1
      g.uniform1f(uniforms['scale']!, grown * crowded * (window.devicePixelRatio || 1))
      g.enable(g.BLEND)
      g.blendFunc(g.ONE, g.ONE_MINUS_SRC_ALPHA)
      g.disable(g.DEPTH_TEST)
      g.disable(g.STENCIL_TEST)
      // the world comes again to the west and to the east
      const { _sw, _ne } = map!.getBounds()
      for (
        let world = Math.floor((_sw.lng + 180) / 360);
        world <= Math.floor((_ne.lng + 180) / 360);
        world++
      ) {
        g.uniform1f(uniforms['shift']!, world)
        g.drawArrays(g.POINTS, 0, points.count)
      }
      g.bindVertexArray(null)
    },
    onRemove() {
      gl?.deleteBuffer(buffer)
      gl?.deleteVertexArray(array)
      gl?.deleteProgram(program)
    },
  }
}

function rgba(colour: string): number[] {
  const [, r = '0', g = '0', b = '0', a = 'ff'] = /^#(..)(..)(..)(..)?$/.exec(colour) ?? []
  return [r, g, b, a].map(part => parseInt(part, 16) / 255)
}

/** The nearest point to a place on the map, within `limit` (Mercator); -1 when there is none. `last` wins where several are. */
export function nearest(points: Points, x: number, y: number, limit: number): number {
  let best = limit * limit
  let found = -1
  const { data } = points
  for (let k = 0; k < points.count; k++) {
    const dx = data[k * STRIDE]! - x
    const dy = data[k * STRIDE + 1]! - y
    const d = dx * dx + dy * dy
    if (d <= best) [best, found] = [d, k]
  }
  return found
}
