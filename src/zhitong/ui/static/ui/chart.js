// Charts from the JSON beside them; the same figures stand in a table under the chart.
import { say } from "./words.js";

const TONES = { good: "--zt-good", warn: "--zt-gold", late: "--zt-late", bad: "--zt-bad", info: "--zt-azurite", neutral: "--zt-control-line" };
const ROW = ["#17527a", "#d99a1c", "#2f8a63", "#b4532a", "#6b7f8c", "#7a5a8c", "#5a9bc4", "#a8261c"];
let library = null;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function write(value, data) {
  if (value === null || value === undefined) return "—";
  return data.percent ? `${(value * 100).toFixed(1)}%` : `${Number(value).toLocaleString("en-US")}${data.unit ? ` ${data.unit}` : ""}`;
}

function axes(data) {
  const names = { type: "category", data: data.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("--zt-line-strong") } }, axisLabel: { color: colour("--zt-ink-2"), hideOverlap: true } };
  const figures = { type: "value", splitLine: { lineStyle: { color: colour("--zt-line") } }, axisLabel: { color: colour("--zt-ink-3"), formatter: data.percent ? (v) => `${Math.round(v * 100)}%` : undefined } };
  if (data.kind !== "row") return { xAxis: names, yAxis: figures };
  return { xAxis: figures, yAxis: { ...names, inverse: true } };
}

function series(data, one) {
  const color = TONES[one.tone] ? colour(TONES[one.tone]) : undefined;
  const isLine = ["line", "area"].includes(data.kind);
  return {
    name: one.name, data: one.values, color, type: isLine ? "line" : "bar", stack: data.kind === "stack" ? "all" : undefined,
    smooth: false, symbolSize: 6, lineStyle: { width: 2 }, areaStyle: data.kind === "area" ? { opacity: 0.12 } : undefined,
    barMaxWidth: 22, itemStyle: isLine || data.kind === "stack" ? {} : { borderRadius: data.kind === "row" ? [0, 3, 3, 0] : [3, 3, 0, 0] },
  };
}

function pie(data) {
  const values = data.categories.map((name, n) => ({ name, value: data.series[0].values[n] }));
  return [{ type: "pie", radius: ["48%", "72%"], data: values, label: { color: colour("--zt-ink-2"), formatter: "{b} {d}%" }, itemStyle: { borderColor: "#fff", borderWidth: 2 } }];
}

function option(data) {
  const font = getComputedStyle(document.body).fontFamily;
  const isPie = data.kind === "pie";
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches, animationDuration: 250, color: ROW, textStyle: { fontFamily: font },
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 36 : 16, bottom: 4, containLabel: true },
    legend: data.series.length > 1 && !isPie ? { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: colour("--zt-ink-2") } } : undefined,
    tooltip: { trigger: isPie ? "item" : "axis", renderMode: "richText", axisPointer: { type: data.kind === "line" || data.kind === "area" ? "line" : "shadow" }, valueFormatter: (value) => write(value, data), textStyle: { fontFamily: font } },
    ...(isPie ? {} : axes(data)),
    series: isPie ? pie(data) : data.series.map((one) => series(data, one)),
  };
}

async function draw(frame) {
  library ??= import("../vendor/echarts/echarts.common.min.js"); // bars, lines and pies; it puts itself on the window
  await library;
  const { echarts } = window;
  const data = JSON.parse(document.getElementById(frame.dataset.chart).textContent);
  const chart = echarts.init(frame, null, { renderer: "canvas" });
  chart.setOption(option(data));
  new ResizeObserver(() => chart.resize()).observe(frame);
  frame.ztChart = chart;
  frame.dispatchEvent(new CustomEvent("zt-chart", { bubbles: true, detail: chart }));
}

export function enhance(frame) {
  if (frame.dataset.isReady) return;
  frame.dataset.isReady = "yes";
  draw(frame).catch(() => {
    frame.textContent = say("chart_failed");
    frame.parentElement.querySelector("details").open = true;
  });
}
