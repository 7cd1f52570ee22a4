using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EnterprisePortal.ServiceDefaults.Operations;

/// <summary>
/// What an operator may see of a message: its shape, ids, times, numbers, and the words of the machinery. Operators never see families, so
/// every other text is masked, whatever a message to come calls it.
/// </summary>
public static partial class Masked
{
    const string Mask = "•••";

    /// <summary>Properties whose values are codes of ours, not words of people.</summary>
    static readonly HashSet<string> Plain = new(StringComparer.OrdinalIgnoreCase)
    {
        "account", "code", "report", "action", "source", "permission", "state", "status", "level", "kind", "provider",
        "timeZone"
    };

    // Whoever shows it escapes it for the place where it stands.
    static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <returns>null: the body is no JSON.</returns>
    public static string? Body(JsonNode? message) => message is null ? null : Value("", message)!.ToJsonString(Indented);

    /// <summary>
    /// A reason quotes what it stumbled over: e-mails, numbers that may be phones, and everything between quotation marks.
    /// </summary>
    public static string Words(string text) => Digits().Replace(Quoted().Replace(Email().Replace(text, Mask),
        quoted => quoted.Groups["ours"].Success ? quoted.Value : quoted.Value[..1] + Mask + quoted.Value[..1]), Mask);

    /// <summary><c>rosa@bluedolphin.example</c> is <c>r•••@bluedolphin.example</c>.</summary>
    public static string Address(string email) => email.Split('@', 2) is [[var first, ..], var host] ? $"{first}{Mask}@{host}" : Mask;

    static JsonNode? Value(string name, JsonNode? value) => value switch
    {
        JsonObject many => new JsonObject(many.DistinctBy(one => Name(one.Key))
            .Select(one => KeyValuePair.Create(Name(one.Key), Value(one.Key, one.Value)))),
        JsonArray several => new JsonArray([.. several.Select(one => Value(name, one))]),
        JsonValue one when one.GetValueKind() == JsonValueKind.String && !IsPlain(name, one.GetValue<string>()) => Mask,
        _ => value?.DeepClone()
    };

    /// <summary>A dictionary's keys are values.</summary>
    static string Name(string name) => PropertyName().IsMatch(name) ? name : Mask;

    static bool IsPlain(string name, string text) => Plain.Contains(name) && Code().IsMatch(text)
        || Guid.TryParse(text, out _) || Time().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9]{0,39}$")]
    private static partial Regex PropertyName();

    [GeneratedRegex(@"^[\w./-]{1,80}$")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$")]
    private static partial Regex Time();

    [GeneratedRegex(@"[^\s@""'<>()=]+@[^\s@""'<>()=]+")]
    private static partial Regex Email();

    [GeneratedRegex(@"\+?\d[\d ().-]{5,}\d")]
    private static partial Regex Digits();

    // What is named after one of these words is ours: violates check constraint "mail_due".
    [GeneratedRegex(@"(?<ours>\b(relation|constraint|column|table|index|function|type|queue) ""\w+"")|""[^""]*""|'[^']*'")]
    private static partial Regex Quoted();
}
