/** What WebGPU finds here: name and limits of the adapter. Exit 3: none. */
import { openDevice } from '../../src/train/backend/webgpu/adapter.ts';

try {
  const { device, name } = await openDevice();
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = device.limits;
  console.log(
    JSON.stringify({ adapter: name, maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize }),
  );
  device.destroy();
} catch (thrown) {
  console.log(`no adapter: ${thrown}`);
  process.exitCode = 3;
}
