namespace EnterprisePortal.Gateway.Pages.Parts;

static class Counted
{
    /// <summary><c>1 user</c>, <c>2 users</c>, <c>2 families</c>.</summary>
    public static string Of(int count, string thing) =>
        $"{count} {(count == 1 ? thing : thing.EndsWith('y') ? $"{thing[..^1]}ies" : $"{thing}s")}";

    /// <summary><c>East, West and North</c>.</summary>
    public static string Listed(IEnumerable<string> names) => names.ToList() switch
    {
        [.. { Count: > 0 } before, var last] => $"{string.Join(", ", before)} and {last}",
        [var only] => only,
        _ => ""
    };
}
