namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary>Patterns for <c>like</c> of what a person typed: <c>%</c> and <c>_</c> are letters like any other.</summary>
public static class Like
{
    /// <summary>Finds the text anywhere.</summary>
    public static string Contains(string text) => $"%{Exactly(text)}%";

    /// <summary>Finds the text alone.</summary>
    public static string Exactly(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
}
