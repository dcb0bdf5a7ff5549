//! Quantities (`100m`, `1.5Gi`, `2e3`), and the values of `resourceFieldRef`.
//!
//! Source: `k8s.io/apimachinery/pkg/api/resource/quantity.go` for the grammar, `pkg/api/v1/resource/helpers.go` and the
//! kubelet's `defaultPodLimitsForDownwardAPI` for what a container without limits is told.

use k8s_openapi::api::core::v1::{Container, Pod, ResourceFieldSelector};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

/// Thousandths of the unit.
type Milli = i128;

/// Reads a quantity, rounded up to thousandths as Kubernetes rounds; `None` when it is none.
fn parse(text: &str) -> Option<Milli> {
    let number = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-')).unwrap_or(text.len());
    let (number, suffix) = text.split_at(number);
    let (negative, digits) = match number.as_bytes().first()? {
        b'-' => (true, &number[1..]),
        b'+' => (false, &number[1..]),
        _ => (false, number),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
    // The value is mantissa × 10^decimal × 1024^binary units.
    let (mut decimal, mut binary) = (3_i32, 0_u32);
    decimal -= i32::try_from(fraction.len()).ok()?;
    match suffix {
        "n" => decimal -= 9,
        "u" => decimal -= 6,
        "m" => decimal -= 3,
        "" => {}
        "k" => decimal += 3,
        "M" => decimal += 6,
        "G" => decimal += 9,
        "T" => decimal += 12,
        "P" => decimal += 15,
        "E" => decimal += 18,
        "Ki" => binary = 1,
        "Mi" => binary = 2,
        "Gi" => binary = 3,
        "Ti" => binary = 4,
        "Pi" => binary = 5,
        "Ei" => binary = 6,
        exponent => decimal = decimal.checked_add(exponent.strip_prefix(['e', 'E'])?.parse().ok()?)?,
    }
    let scaled = mantissa.checked_mul(1024_i128.checked_pow(binary)?)?;
    let power = 10_i128.checked_pow(decimal.unsigned_abs())?;
    let value = if decimal >= 0 { scaled.checked_mul(power)? } else { scaled.div_ceil_to(power) };
    Some(if negative { -value } else { value })
}

/// Division that rounds up.
trait DivCeil {
    fn div_ceil_to(self, divisor: Self) -> Self;
}

impl DivCeil for i128 {
    fn div_ceil_to(self, divisor: Self) -> Self {
        self.div_euclid(divisor) + Self::from(self.rem_euclid(divisor) != 0)
    }
}

/// The value of `selector`, which means `container` unless it names another one of `pod`. The error is the kubelet's text.
pub fn value(selector: &ResourceFieldSelector, container: Option<&Container>, pod: &Pod) -> Result<String, String> {
    let named = || {
        let name = selector.container_name.as_deref().unwrap_or_default();
        let spec = pod.spec.as_ref();
        let mut all = spec.iter().flat_map(|spec| spec.init_containers.iter().flatten().chain(&spec.containers));
        all.find(|one| one.name == name).ok_or_else(|| format!("container {name} not found"))
    };
    let container = match (container, selector.container_name.as_deref().filter(|name| !name.is_empty())) {
        (Some(container), None) => container,
        _ => named()?,
    };
    let unsupported = || format!("unsupported container resource : {}", selector.resource);
    let (kind, resource) = selector.resource.split_once('.').ok_or_else(unsupported)?;
    let resources = container.resources.as_ref();
    let stated = match kind {
        "limits" => resources.and_then(|resources| resources.limits.as_ref()),
        "requests" => resources.and_then(|resources| resources.requests.as_ref()),
        _ => return Err(unsupported()),
    };
    let stated = stated.and_then(|map| map.get(resource));
    let amount = match (stated, kind, resource) {
        (Some(Quantity(text)), _, _) => parse(text).ok_or_else(|| format!("quantities must match: {text:?}"))?,
        // Who has no limit may have the whole node.
        (None, "limits", "cpu") => cores() * 1000,
        (None, "limits", "memory") => memory() * 1000,
        (None, _, "cpu" | "memory" | "ephemeral-storage") => 0,
        (None, _, other) if other.starts_with("hugepages-") => 0,
        _ => return Err(unsupported()),
    };
    let divisor = selector.divisor.as_ref().and_then(|divisor| parse(&divisor.0)).filter(|divisor| *divisor > 0);
    Ok(amount.div_ceil_to(divisor.unwrap_or(1000)).to_string())
}

fn cores() -> i128 {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() as i128)
}

/// Bytes of memory of this host, 0 where it cannot be read (proc(5)).
fn memory() -> i128 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib =
        text.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB")?.trim().parse().ok());
    kib.map_or(0, |kib: i128| kib * 1024)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn quantities_are_read_as_kubernetes_reads_them() {
        for (text, milli) in [
            ("0", Some(0)),
            ("1", Some(1000)),
            ("100m", Some(100)),
            ("1.5", Some(1500)),
            (".5", Some(500)),
            ("5.", Some(5000)),
            ("-2", Some(-2000)),
            ("2Ki", Some(2_048_000)),
            ("1.5Gi", Some(1_610_612_736_000)),
            ("2e3", Some(2_000_000)),
            ("1E", Some(1_000_000_000_000_000_000_000)),
            ("1e-1", Some(100)),
            // Finer than a thousandth rounds up.
            ("1u", Some(1)),
            ("1n", Some(1)),
            ("", None),
            (".", None),
            ("m", None),
            ("1 Gi", None),
            ("1Gib", None),
            ("--1", None),
            ("1-1", None),
            ("1e99999999999", None),
            ("1e100", None),
        ] {
            assert_eq!(parse(text), milli, "{text:?}");
        }
    }

    fn asked(resource: &str, divisor: &str, container: &str) -> Result<String, String> {
        let pod: Pod = serde_json::from_value(json!({ "spec": { "containers": [
            { "name": "c", "resources": { "limits": { "cpu": "1500m", "memory": "64Mi" }, "requests": { "cpu": "250m" } } },
            { "name": "free" },
        ] } }))
        .unwrap();
        let selector = ResourceFieldSelector {
            resource: resource.into(),
            divisor: (!divisor.is_empty()).then(|| Quantity(divisor.into())),
            container_name: (!container.is_empty()).then(|| container.to_owned()),
        };
        value(&selector, pod.spec.as_ref().and_then(|spec| spec.containers.first()), &pod)
    }

    #[test]
    fn values_are_divided_and_rounded_up() {
        assert_eq!(asked("limits.cpu", "", "").unwrap(), "2");
        assert_eq!(asked("limits.cpu", "1m", "").unwrap(), "1500");
        assert_eq!(asked("limits.memory", "1Mi", "").unwrap(), "64");
        assert_eq!(asked("limits.memory", "0", "").unwrap(), "67108864");
        assert_eq!(asked("requests.cpu", "", "").unwrap(), "1");
        assert_eq!(asked("requests.memory", "", "").unwrap(), "0");
        assert_eq!(asked("limits.cpu", "", "free").unwrap(), cores().to_string());
        assert!(asked("limits.memory", "1Mi", "free").unwrap().parse::<u64>().unwrap() > 0);
        assert_eq!(asked("limits.cpu", "", "none").unwrap_err(), "container none not found");
        assert_eq!(asked("limits.gpu", "", "").unwrap_err(), "unsupported container resource : limits.gpu");
        assert_eq!(asked("cpu", "", "").unwrap_err(), "unsupported container resource : cpu");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[-+.0-9a-zA-Z]{0,12}") {
            let _ = parse(&text);
        }

        #[test]
        fn milli_and_whole_agree(number in 0_i64..1_000_000_000) {
            prop_assert_eq!(parse(&format!("{number}m")), Some(i128::from(number)));
            prop_assert_eq!(parse(&number.to_string()), Some(i128::from(number) * 1000));
        }
    }
}
