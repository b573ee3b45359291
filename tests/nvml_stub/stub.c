/* A libnvidia-ml.so.1 without a card: it answers what a text file says, and reads the file anew when it changes.
 *
 * NVML_STUB_CARDS names the file; each line is `key=value`, the keys as flattened by cards.py (`gpu.0.power=83000`,
 * `gpu.0.mig.1.uuid=MIG-…`). A value `!15` is NVML's error 15, `20..80` swings between the two within 20 seconds, and
 * `hang` never returns. `stale=1` is a driver that was loaded anew: nothing answers until NVML is opened again, as does a card after
 * `gpu.1.all=!15`. A key that is missing is "not supported". With -DOLD_DRIVER the newer functions do not exist.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SUCCESS = 0, UNINITIALIZED = 1, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7, LOST = 15, MOST = 2048 };

typedef unsigned long long u64;
typedef struct { u64 total, free, used; } Memory;
typedef struct { unsigned version; u64 total, reserved, free, used; } MemoryV2;
typedef struct { unsigned gpu, memory; } Utilization;
typedef struct { unsigned pid; u64 memory; unsigned gpu_instance, compute_instance; } Process;
typedef struct { unsigned version, sensor; int temperature; } Temperature;
typedef struct { unsigned counts[8]; u64 memory_mib; } Attributes;

static char *text;
static char *keys[MOST], *values[MOST];
static int count;
static struct timespec seen;
static ino_t inode;
static int stale;
static char lost[64];

static void load(void) {
    const char *path = getenv("NVML_STUB_CARDS");
    struct stat now;
    if (!path || stat(path, &now)) { count = 0; return; }
    if (text && now.st_ino == inode && now.st_mtim.tv_sec == seen.tv_sec && now.st_mtim.tv_nsec == seen.tv_nsec) return;
    FILE *file = fopen(path, "r");
    if (!file) { count = 0; return; }
    free(text);
    text = calloc(1, (size_t)now.st_size + 1);
    size_t got = fread(text, 1, (size_t)now.st_size, file);
    fclose(file);
    text[got] = 0;
    seen = now.st_mtim;
    inode = now.st_ino;
    count = 0;
    stale = 0;
    for (char *line = strtok(text, "\n"); line && count < MOST; line = strtok(NULL, "\n")) {
        char *equals = strchr(line, '=');
        if (!equals) continue;
        *equals = 0;
        if (!strcmp(line, "stale")) stale = 1;
        keys[count] = line;
        values[count++] = equals + 1;
    }
}

static const char *value_of(const char *key) {
    load();
    for (int at = 0; at < count; at++)
        if (!strcmp(keys[at], key)) return values[at];
    return NULL;
}

/* A value as text, or the error that stands in its place. */
static int said(const char *key, const char **value) {
    *value = value_of(key);
    if (!*value) return NOT_SUPPORTED;
    if (!strcmp(*value, "hang")) for (;;) sleep(3600);
    return **value == '!' ? atoi(*value + 1) : SUCCESS;
}

static int number(const char *key, u64 *found) {
    const char *value;
    int code = said(key, &value);
    if (code) return code;
    const char *dots = strstr(value, "..");
    *found = strtoull(value, NULL, 0);
    if (dots) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        double low = (double)*found, high = (double)strtoull(dots + 2, NULL, 0);
        double phase = fmod((double)now.tv_sec + (double)now.tv_nsec / 1e9, 20.0) / 10.0;
        *found = (u64)(low + (high - low) * (phase < 1 ? phase : 2 - phase));
    }
    return SUCCESS;
}

/* A card is 0x1000 * (its index + 1), a slice of it adds its own index + 1; nobody looks behind the pointer. */
static int key_of(const void *device, const char *field, char key[160]) {
    uintptr_t handle = (uintptr_t)device;
    int gpu = (int)(handle >> 12) - 1, slice = (int)(handle & 0xfff) - 1;
    char everything[64];
    snprintf(everything, sizeof everything, "gpu.%d.all", gpu);
    const char *value = value_of(everything);
    if (value && *value == '!') {
        lost[gpu % 64] = 1;
        return atoi(value + 1);
    }
    if (lost[gpu % 64]) return LOST;
    if (slice < 0) snprintf(key, 160, "gpu.%d.%s", gpu, field);
    else snprintf(key, 160, "gpu.%d.mig.%d.%s", gpu, slice, field);
    return SUCCESS;
}

static int card_number(const void *device, const char *field, u64 *found) {
    char key[160];
    int code = key_of(device, field, key);
    return code ? code : number(key, found);
}

static int card_unsigned(const void *device, const char *field, unsigned *found) {
    u64 whole = 0;
    int code = card_number(device, field, &whole);
    if (!code) *found = (unsigned)whole;
    return code;
}

static int copied(int code, const char *value, char *room, unsigned length) {
    if (!code) snprintf(room, length, "%s", value);
    return code;
}

static int card_text(const void *device, const char *field, char *room, unsigned length) {
    char key[160];
    const char *value = NULL;
    int code = key_of(device, field, key);
    if (!code) code = said(key, &value);
    return copied(code, value, room, length);
}

static int system_text(const char *key, char *room, unsigned length) {
    const char *value;
    int code = said(key, &value);
    return copied(code, value, room, length);
}

/* The list of one kind: `gpu.0.compute.count`, `gpu.0.compute.0.pid`, `gpu.0.compute.0.memory`. */
static int processes(const void *device, const char *kind, unsigned *most, Process *rows) {
    char field[80];
    u64 all = 0;
    snprintf(field, sizeof field, "%s.count", kind);
    int code = card_number(device, field, &all);
    if (code) return code;
    unsigned room = *most;
    *most = (unsigned)all;
    if (room < all || (all && !rows)) return INSUFFICIENT_SIZE;
    for (unsigned at = 0; at < all; at++) {
        memset(&rows[at], 0, sizeof rows[at]);
        snprintf(field, sizeof field, "%s.%u.pid", kind, at);
        card_unsigned(device, field, &rows[at].pid);
        snprintf(field, sizeof field, "%s.%u.memory", kind, at);
        if (card_number(device, field, &rows[at].memory)) rows[at].memory = ~0ULL;
    }
    return SUCCESS;
}

int nvmlInitWithFlags(unsigned flags) {
    const char *value;
    (void)flags;
    int code = said("init", &value);
    stale = stale && code && code != NOT_SUPPORTED;
    memset(lost, 0, sizeof lost);
    return code == NOT_SUPPORTED ? SUCCESS : code;
}

int nvmlShutdown(void) { return SUCCESS; }

const char *nvmlErrorString(int code) {
    (void)code;
    return "an error of the stub";
}

int nvmlSystemGetDriverVersion(char *room, unsigned length) { return system_text("driver", room, length); }

int nvmlSystemGetCudaDriverVersion(int *version) {
    u64 found = 0;
    int code = number("cuda", &found);
    if (!code) *version = (int)found;
    return code;
}

int nvmlSystemGetProcessName(unsigned pid, char *room, unsigned length) {
    char key[64];
    snprintf(key, sizeof key, "process.%u", pid);
    return value_of(key) ? system_text(key, room, length) : NOT_FOUND;
}

int nvmlDeviceGetCount_v2(unsigned *found) {
    u64 all = 0;
    int code = number("count", &all);
    if (stale) return UNINITIALIZED;
    if (!code) *found = (unsigned)all;
    return code;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
    char key[64];
    const char *value;
    u64 all = 0;
    number("count", &all);
    if (index >= all) return INVALID_ARGUMENT;
    *device = (void *)(uintptr_t)(0x1000 * (index + 1));
    snprintf(key, sizeof key, "gpu.%u.handle", index);
    int code = said(key, &value);
    return code == NOT_SUPPORTED ? SUCCESS : code;
}

int nvmlDeviceGetName(void *device, char *room, unsigned length) { return card_text(device, "name", room, length); }
int nvmlDeviceGetUUID(void *device, char *room, unsigned length) { return card_text(device, "uuid", room, length); }

int nvmlDeviceGetMemoryInfo(void *device, Memory *memory) {
    int code = card_number(device, "memory_total", &memory->total);
    if (!code) code = card_number(device, "memory_used_v1", &memory->used);
    memory->free = memory->total - memory->used;
    return code;
}

int nvmlDeviceGetUtilizationRates(void *device, Utilization *rates) {
    rates->memory = 0;
    return card_unsigned(device, "utilization", &rates->gpu);
}

int nvmlDeviceGetTemperature(void *device, unsigned sensor, unsigned *found) {
    (void)sensor;
    return card_unsigned(device, "temperature", found);
}

int nvmlDeviceGetPowerUsage(void *device, unsigned *found) { return card_unsigned(device, "power", found); }
int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *found) { return card_unsigned(device, "power_limit", found); }
int nvmlDeviceGetFanSpeed(void *device, unsigned *found) { return card_unsigned(device, "fan", found); }

int nvmlDeviceGetClockInfo(void *device, unsigned kind, unsigned *found) {
    return kind > 2 ? INVALID_ARGUMENT : card_unsigned(device, kind == 1 ? "clock" : kind == 2 ? "clock_memory" : "clock_graphics", found);
}

int nvmlDeviceGetTotalEccErrors(void *device, unsigned error, unsigned counter, u64 *found) {
    return card_number(device, error == 1 && counter == 0 ? "ecc" : "ecc_other", found);
}

int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, u64 *found) { return card_number(device, "throttle", found); }

int nvmlDeviceGetComputeRunningProcesses_v2(void *device, unsigned *most, Process *rows) {
    return processes(device, "compute", most, rows);
}

#ifndef OLD_DRIVER
int nvmlDeviceGetMemoryInfo_v2(void *device, MemoryV2 *memory) {
    int code = card_number(device, "memory_total", &memory->total);
    if (!code) code = card_number(device, "memory_used", &memory->used);
    memory->reserved = 0;
    memory->free = memory->total - memory->used;
    return code;
}

int nvmlDeviceGetTemperatureV(void *device, Temperature *temperature) {
    unsigned found = 0;
    int code = card_unsigned(device, "temperature_v", &found);
    temperature->temperature = (int)found;
    return code;
}

int nvmlDeviceGetCurrentClocksEventReasons(void *device, u64 *found) { return card_number(device, "throttle", found); }

int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *most, Process *rows) {
    return processes(device, "compute", most, rows);
}

int nvmlDeviceGetGraphicsRunningProcesses_v3(void *device, unsigned *most, Process *rows) {
    return processes(device, "graphics", most, rows);
}

int nvmlDeviceGetMPSComputeRunningProcesses_v3(void *device, unsigned *most, Process *rows) {
    return processes(device, "mps", most, rows);
}

int nvmlDeviceGetMigMode(void *device, unsigned *current, unsigned *pending) {
    int code = card_unsigned(device, "mig_mode", current);
    *pending = *current;
    return code;
}

int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned *found) { return card_unsigned(device, "mig_most", found); }

int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned index, void **slice) {
    char key[160], field[64];
    snprintf(field, sizeof field, "mig.%u.uuid", index);
    int code = key_of(device, field, key);
    if (code) return code;
    *slice = (void *)((uintptr_t)device + index + 1);
    return value_of(key) ? SUCCESS : NOT_FOUND;
}

int nvmlDeviceGetAttributes_v2(void *device, Attributes *attributes) {
    memset(attributes, 0, sizeof *attributes);
    int code = card_unsigned(device, "slices", &attributes->counts[6]);
    return code ? code : card_number(device, "memory_mib", &attributes->memory_mib);
}
#endif
