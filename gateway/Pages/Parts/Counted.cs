namespace EnterprisePortal.Gateway.Pages.Parts;

static class Counted
{
    /// <summary><c>1 user</c>, <c>2 users</c>.</summary>
    public static string Of(int count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";

    /// <summary><c>East, West and North</c>.</summary>
    public static string Listed(IEnumerable<string> names) => names.ToList() switch
    {
        [.. { Count: > 0 } before, var last] => $"{string.Join(", ", before)} and {last}",
        [var only] => only,
        _ => ""
    };
}
