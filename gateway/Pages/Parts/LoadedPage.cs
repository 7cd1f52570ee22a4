using Microsoft.AspNetCore.Components;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>A page that is drawn once, when everything it needs is there, with the status that the answer deserves.</summary>
public abstract class LoadedPage : ComponentBase
{
    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    protected abstract Task Load();

    /// <summary>Of an address, which may be mistyped; a parameter of type <c>Guid</c> would end in the error page.</summary>
    protected static Guid? IdOf(string? text) => Guid.TryParse(text, out var id) ? id : null;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Load();
        await base.SetParametersAsync(ParameterView.Empty);
    }
}
