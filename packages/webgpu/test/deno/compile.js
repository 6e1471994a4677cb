// Run by Deno: compiles the shaders of a JSON file { name: text } and prints { device, failed: { name: messages } }.
const texts = JSON.parse(Deno.readTextFileSync(Deno.args[0]));
const adapter = await navigator.gpu.requestAdapter();
if (adapter === null) throw new Error("no WebGPU adapter in Deno");
const device = await adapter.requestDevice();
const failed = {};
for (const [name, code] of Object.entries(texts)) {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ code });
  const { messages } = await module.getCompilationInfo();
  const error = await device.popErrorScope();
  const found = messages.filter(({ type }) => type === "error").map(({ message }) => message);
  if (error !== null) found.push(error.message);
  if (found.length > 0) failed[name] = found;
}
console.log(JSON.stringify({ device: adapter.info.description, failed }));
Deno.exit(0);
