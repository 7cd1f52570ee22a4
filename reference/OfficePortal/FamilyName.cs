using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.OfficePortal;

public static class FamilyName
{
    /// <summary>
    /// A family's name in lists: <c>Smith, Mary and John</c>; with different last names <c>Smith, Mary and Juan García</c>.
    /// </summary>
    public static string Of(IReadOnlyList<Guardian> guardians)
    {
        var last = guardians[0].LastName;
        var names = guardians.Select(guardian =>
            guardian.LastName == last ? guardian.FirstName : $"{guardian.FirstName} {guardian.LastName}").ToArray();
        return $"{last}, {(names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}")}";
    }
}
