using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Components;

namespace EnterprisePortal.OfficePortal.Layout;

/// <summary>
/// The base of every page of an account. Pages only render: their slice has queried the database and written the Audit Log.
/// </summary>
[Layout(typeof(OfficeLayout))]
public abstract class OfficePage : ComponentBase
{
    [CascadingParameter] public Visit? Visit { get; set; }

    protected Account Account => Visit!.Account;

    protected Session Session => Visit!.Session!;

    /// <summary>An address inside this account: <c>In("families/17")</c>.</summary>
    protected string In(string path) => $"/{Account.Code}/{path}";
}
